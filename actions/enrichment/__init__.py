"""What an event's own fields tell about it: device, channel, country, money. Pure functions, worked out by column in the consumer."""
