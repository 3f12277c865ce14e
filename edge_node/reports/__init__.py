"""Reports of one office: its figures of a period, frozen on the day they are sent, drawn, and as a workbook."""
