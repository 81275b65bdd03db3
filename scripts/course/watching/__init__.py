"""What stands behind ./learn watch: a program under strace, what is kept of its steps, and the page that shows them."""
