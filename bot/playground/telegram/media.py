"""Files as messages show them."""

from bot.playground.telegram.records import File, Json

SINGLE = ("document", "voice", "sticker")
SIDE_PIXELS = 512  # nobody looks into the pictures, so all have the size of a sticker


def file_ids(message: Json) -> list[str]:
    """The ids of the files in a message; what has not the shape of a file is none."""
    photo = message.get("photo")
    found = [*(photo if isinstance(photo, list) else ()), *(message.get(one) for one in SINGLE)]
    return [file["file_id"] for file in found if isinstance(file, dict) and "file_id" in file]


def media(kind: str, file: File) -> Json:
    """The field of a message that holds a file of this kind; voice lasts a second."""
    size = {"width": SIDE_PIXELS, "height": SIDE_PIXELS}
    named = {"file_name": file.name, "mime_type": file.mime_type}
    match kind:
        case "photo":
            return {"photo": [file.brief() | size]}
        case "voice":
            return {"voice": {"duration": 1, "mime_type": file.mime_type} | file.brief()}
        case "sticker":
            form = {"type": "regular", "is_animated": False, "is_video": False}
            return {"sticker": file.brief() | size | form}
        case _:
            return {"document": named | file.brief()}
