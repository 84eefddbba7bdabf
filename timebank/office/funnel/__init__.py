"""The recruiting funnel (招募漏斗): registered → docked → placed → active, in people, each figure with its list of names."""
