"""How the shapes of stages are carried out."""
