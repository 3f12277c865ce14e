"""PostgreSQL under the hub: the same statements, the same migrations, the same writer and readers, another engine."""
