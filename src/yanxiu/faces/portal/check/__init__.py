"""The public check of a certificate: says nothing before it is told both number and name."""
