"""The directory: who there is, in which groups, and whether somebody is who they say."""
