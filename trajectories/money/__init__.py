"""What work costs and brings in: the minimum wage, the wage agreed, loonwaarde, the arrangements an employer may ask for."""
