// Package gitlab speaks to a GitLab server about the one project that holds an organisation: its merge requests, their
// notes and approvals. It is written for GitLab Free, self-managed.
//
// Begin with ConfigFrom and Open. Propose opens a merge request or brings the open one up to date; Approvals, Versions and
// Commits are what a gate judges by; CreateNote and UpdateNote write what people read; Merge merges a commit that is named.
// The library behind it (xanzy/go-gitlab) shows nowhere: nothing outside this package knows its types. Package gitlabtest
// is a GitLab for tests and for the demo.
//
// # What is not said is not assumed
//
// A field that a server leaves out (an older version, another tier) is the zero value here, and every zero value reads as
// "no": not approved, not resolved, no time. Where zero would read as "yes" (no labels, not from a fork), an answer that
// lacks the field is an error. Nothing derived, such as how many approvals are missing, is taken over: who approved what is
// counted elsewhere, from names and times. A list is read to its end or is an error.
//
// # What was done when the answer is lost
//
// Reading, PUT and DELETE are sent again by themselves when an answer is lost, a POST never is. So Propose looks before and
// after it creates; whoever calls CreateNote has to look for the note before calling it again. Errors say what kind they
// are: see ErrNotFound and the others, and Error for the server's own words.
//
// # Nothing is carried out by the way
//
// GitLab executes lines of notes and descriptions that begin with "/" (quick actions such as /merge) with the rights of
// orgit's token. Texts come from branches and forms, so such a line is refused here, whoever wrote it.
package gitlab

import "time"

// User is somebody with an account on the server. Its username is what the organisation's review rules name.
type User struct {
	ID       int
	Username string
	Name     string
	// Bot says that nobody stands behind it: the user of a project's or group's token. GitLab says so only of the user that
	// asks; of others it is read from the username, whose form GitLab gives to such users.
	Bot bool
}

// States of a merge request.
const (
	Opened = "opened"
	Closed = "closed"
	Merged = "merged"
	Locked = "locked" // while it is being merged
)

// MergeRequest is a proposal as the server has it.
type MergeRequest struct {
	IID         int // its number within the project, as in !7
	Title       string
	Description string
	State       string
	Author      User
	Source      string // the branch that is proposed
	Target      string // the branch that it is proposed for
	Head        string // the commit of the source branch
	// SourceProject and TargetProject differ where it comes from a fork.
	SourceProject, TargetProject int
	Labels                       []string
	Reviewers                    []User
	Draft                        bool
	// ThreadsResolved says that no open thread stands against it.
	ThreadsResolved bool
	// Status is the server's detailed_merge_status, such as mergeable or checking; empty when it does not say.
	Status       string
	MergeCommit  string // of one that is merged; empty where the project makes no merge commits
	SquashCommit string
	MergedBy     *User
	URL          string
}

// Approval is one that was given and not taken back.
type Approval struct {
	User User
	At   time.Time // zero where the server does not say: then it cannot be held against the last push
}

// Version is what the server keeps of each push to a merge request, newest first.
type Version struct {
	Head    string
	Created time.Time
}

// Commit is one of a merge request's.
type Commit struct {
	ID                            string
	Message                       string
	AuthorName, AuthorEmail       string
	CommitterName, CommitterEmail string
	Created                       time.Time
}

// Note is a comment on a merge request, or what the server itself notes there (System).
type Note struct {
	ID      int
	Author  User
	Body    string
	System  bool
	Created time.Time
}

// Proposal is what a merge request is opened with or changed to.
type Proposal struct {
	Source, Target     string
	Title, Description string
	Labels             []string // added to those that it has
	Reviewers          []string // usernames, added to those it has; those who have no account are left out
}
