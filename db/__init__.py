"""What Sportello remembers: the only package that imports sqlalchemy."""
