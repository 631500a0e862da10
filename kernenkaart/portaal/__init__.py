"""The pages that combine features: kern page, what is mine to do, texts."""
