"""What a stranger on the other side of the door can make others wait for: files made to hurt, wrong passwords in a row."""
