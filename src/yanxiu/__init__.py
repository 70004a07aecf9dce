"""研修 Yanxiu: a training class from roster to official report; every reported figure opens to its evidence."""
