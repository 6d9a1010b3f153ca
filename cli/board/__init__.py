"""`sales board` 看板: the store on a full screen, live, with the events behind each line."""
