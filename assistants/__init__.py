"""Assistants ask the archive by the Model Context Protocol: `POST /mcp`, stateless, JSON in and JSON out.

views       HTTP: who may ask from where, how much, in which form
messages    JSON-RPC: a body → one message, or why it is none
protocol    the protocol's methods, in each of its revisions
resources   issues, to be attached to a conversation
tools       what can be asked: one module for one subject (tools/base.py)
"""
