"""Room: the sessions of an account as its owner sees and ends them."""
