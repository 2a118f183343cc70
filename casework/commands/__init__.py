"""The `casework` command, one module per moment of an instance's life."""
