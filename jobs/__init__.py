"""What runs beside requests: the queue, its worker, the schedule, the consumer."""
