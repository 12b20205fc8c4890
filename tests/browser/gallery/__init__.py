"""Pictures of every page: `pages` lists them, `acts` prepares them, `plates` puts several views on one picture."""
