"""`make run`: the whole product on this machine, on an emulated AWS, with a real music server and a mail relay."""
