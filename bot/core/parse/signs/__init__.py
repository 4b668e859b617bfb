"""Which words betray what a text is: failed mail, another kind of mail, or something else altogether?"""
