"""One office: digitizes, signs and queues with the cable unplugged."""
