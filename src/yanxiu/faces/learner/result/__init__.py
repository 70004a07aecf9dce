"""我的结果: the verdict with its reasons, what is missing and by when, the certificate."""
