"""The system of record: backups, restoring them, and handing a brand over to another install."""
