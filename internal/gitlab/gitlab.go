// Package gitlab speaks to a GitLab server about the one project that holds an organisation: its merge requests, their
// notes and approvals. It is written for GitLab Free, self-managed.
//
// # What is not said is not assumed
//
// A field that a server leaves out (an older version, another tier) is the zero value here, and every zero value reads as
// "no": not approved, not resolved, no time. Nothing derived, such as how many approvals are missing, is taken over: who
// approved what is counted elsewhere, from names and times.
package gitlab

import "time"

// User is somebody with an account on the server. Its username is what the organisation's review rules name.
type User struct {
	ID       int
	Username string
	Name     string
	Bot      bool
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
	MergeCommit  string // of one that is merged
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
	Reviewers          []string // usernames; those who have no account are left out
}
