"""Extraction (bóc tách): from lines with boxes to proposals for items a–l and the fields of each document type.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 9. A proposal carries its trust and the reason for it; a person confirms.
Everything here is pure.
"""
