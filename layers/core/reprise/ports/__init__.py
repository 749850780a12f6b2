"""What the product needs from outside, without how. Protocols and the shapes they speak; no bodies."""
