"""Who a community knows: people with what belongs to them, found and told apart; personal data."""
