"""What is put on paper: its words, how it is set, where its file is."""
