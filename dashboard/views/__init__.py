"""Pages and what their forms do, one file per area. Views read the database and call actions."""
