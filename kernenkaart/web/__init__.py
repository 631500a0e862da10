"""HTTP helpers: errors, security headers, forms, assets."""
