"""What every face stands on: routes, layout, headers, errors, form rendering."""
