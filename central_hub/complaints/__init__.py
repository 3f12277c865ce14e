"""Complaints of people about the service: entered by officers, answered in time or not, upheld or disproved."""
