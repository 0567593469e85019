"""All bots of this process, in one loop on shared sessions: each starts and stops by itself."""
