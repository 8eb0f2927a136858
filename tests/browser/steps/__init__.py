"""The steps of the stories, each as its person takes it: by links and buttons, from the page that offers it. One file a thing."""
