"""WEB. The application's door: settings, addresses, the look, one home a role, and the client's own pages."""
