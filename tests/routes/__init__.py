"""Every page the server draws: once as it should be, once for each way it is refused."""
