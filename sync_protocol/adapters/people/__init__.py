"""People at a screen: passwords, second factor, and the door that counts wrong tries. Both shells stand on this."""
