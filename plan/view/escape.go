package view

// Escape writes a text so that Markdown, HTML and GitLab read it as it stands: for what is written beside a plan, such as the
// description of a merge request.
func Escape(text string) string { return escape(text) }
