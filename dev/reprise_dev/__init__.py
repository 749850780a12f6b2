"""What developers and tests run, and nobody ships: fakes of the ports, the local run, foreign servers' doubles."""
