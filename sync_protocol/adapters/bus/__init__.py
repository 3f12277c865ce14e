"""The bus: NATS as both shells use it. One client per line, records and files apart, faults told as what they are; bytes in, bytes out."""
