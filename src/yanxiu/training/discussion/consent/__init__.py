"""引用授权: may a report quote this post under its author's name?"""
