"""Where: gemeente, gebied, kern, and who is gebiedsmakelaar of it."""
