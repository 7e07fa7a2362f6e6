import type { IDataObject } from 'n8n-workflow';

/**
 * Sections of an item as n8n wants them. The cast is n8n's border: our sections are plain JSON, which
 * its types cannot know. Nothing is copied, because a run may have a hundred thousand items.
 */
export function toJson(sections: object): IDataObject {
	return sections as IDataObject;
}
