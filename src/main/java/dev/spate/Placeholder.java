package dev.spate;

final class Placeholder {}
