"""Tables people upload and download: CSV and XLSX."""
