"""Invented but credible content for every kern, relative to today; marked as demo."""
