// Package gitlabtest is a GitLab for tests and for the demo: one project with real git over HTTP, and the part of the REST
// API that orgit uses. It shares nothing with the client but the protocol.
//
// Start starts one, with an empty repository whose default branch is protected. AddUser and AddBot make users, Token and
// GitURL say how to come in as one of them; then push to GitURL with any git, and ask the API with package gitlab or with
// curl. Approve, Merge, Comment and the like do what people do in the browser. Inject makes it behave badly.
//
// # What is like GitLab
//
//   - It is GitLab Free: approvals bind nobody, survive pushes, and may be the author's own; there are no approval rules.
//     Options.Premium gives rules of approval.
//   - Errors have GitLab's statuses and envelopes, lists its pages and headers, rate limits both kinds of 429.
//   - Protected branches hold for pushes (a hook in the repository) and for merging.
//   - Merging is git's own, with a merge commit in the repository, and a conflict is a real one. Each push to a branch is a
//     version of its merge request; a push to the target that brings a merge request's commits marks it as merged.
//   - Whether a merge request can be merged is found out by and by: the first answers after a push say "checking".
//
// # What is not
//
// Quick actions in texts are not carried out; a text that has one is kept as it is, so a test can see that it was sent.
// Forks, pipelines, webhooks, groups, discussions with several notes, and job tokens are not there. One request is answered
// at a time. Tokens are made from the username: the stand-in guards nothing.
//
// # What it needs
//
// The program git, version 2.38 or later, with its http-backend, and a shell for its hook: a three-way merge and a server that refuses pushes by rule
// are not to be had otherwise. Where it is missing Start gives ErrNoGit.
package gitlabtest
