"""What somebody should look at in the records of study, and appeals of what was not counted. A flag alone changes no verdict."""
