"""共建协议: drafted at the desk, signed by each side for itself, kept through the lines that its items become."""
