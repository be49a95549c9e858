ALTER TABLE "files" ADD COLUMN "multipart_id" text;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "composite_sha256" text;