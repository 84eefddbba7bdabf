"""What every page and every API answer share: sessions, guard, headers, refusals, forms, rendering."""
